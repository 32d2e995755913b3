"""What clerks are told of variables: vocabulary, manual, primer, and new templates."""
