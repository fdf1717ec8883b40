"""The ops, one file per family; each op with its gradient rules right below it."""
