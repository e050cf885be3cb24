package dev.tandem.stack.shop;

/**
 * The result of one check.
 *
 * @param claim what should be true
 * @param words what was looked at: how many of how many, and the first that is wrong
 */
public record Evidence(String claim, boolean holds, String words) {}
