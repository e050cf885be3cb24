package dev.tandem.bench.fault;

/** The end of one fault. */
public interface Healing extends AutoCloseable {
  /** Takes the fault away, and returns when what it hit is healthy again. */
  @Override
  void close();

  /** How it was seen that the fault took place; to be asked after the end. */
  String evidence();
}
