package dev.tandem.rest.internal;

/**
 * A setting with which the program must not start. The start ends with the two sentences, without a
 * stack trace.
 */
public final class UnusableSetting extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String cure;

  /**
   * @param what names the setting, its value and what is wrong with it
   * @param cure what to set instead
   */
  public UnusableSetting(String what, String cure) {
    super(what);
    this.cure = cure;
  }

  public String cure() {
    return cure;
  }
}
