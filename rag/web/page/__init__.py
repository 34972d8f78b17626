"""The page that readers use: the conversation, the documents, what Parley is; and answers under their own address."""
