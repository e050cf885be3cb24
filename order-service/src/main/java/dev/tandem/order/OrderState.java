package dev.tandem.order;

/** What an order is now. Only an {@code APPROVED} order is open and counts into the exposure. */
enum OrderState {
  APPROVED,
  REJECTED,
  CANCELLED
}
