"""One statistic a file: what is estimated or tested, exactly where exact is possible."""
