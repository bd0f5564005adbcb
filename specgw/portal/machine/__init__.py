"""The portal for machines: operations as Markdown, llms.txt, and documents to download."""
