"""What keeps the record from being lost: verification, backups, restoring, and parcels between offices."""
