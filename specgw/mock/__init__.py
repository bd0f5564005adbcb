"""The other answer: chosen from a document's examples, or made from its schemas, where no service answers."""
