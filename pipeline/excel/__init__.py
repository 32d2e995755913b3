"""Excel out: a listing -> .xlsx; knows how a list looks, knows no ledger."""
