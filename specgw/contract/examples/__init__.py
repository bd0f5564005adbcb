"""The examples of the documents, each proved by what judges requests and answers when the gateway runs."""
