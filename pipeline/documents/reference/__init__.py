"""The clerks' reference on variables: vocabulary, manual, primer; and new templates."""
