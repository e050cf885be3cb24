package dev.tandem.stack;

/** A port that a part listens on, and the variable that sets it. */
record PartPort(String part, String variable, int port) {
  String url() {
    return "http://127.0.0.1:" + port;
  }
}
