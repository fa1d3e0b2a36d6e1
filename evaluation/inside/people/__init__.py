"""Who took part: figures and tables of attendance, attrition, support and the client track."""
