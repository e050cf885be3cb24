package dev.tandem.coordinator.xa;

import com.fasterxml.jackson.annotation.JsonValue;

/** What a participant answers to prepare. */
enum Vote {
  PREPARED("prepared"),
  ROLLED_BACK("rolled-back");

  private final String word;

  Vote(String word) {
    this.word = word;
  }

  @JsonValue
  String word() {
    return word;
  }
}
