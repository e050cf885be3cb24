package dev.tandem.order;

/** Why an order was rejected: a stored result, not an error. */
enum RejectionReason {
  INSUFFICIENT_CREDIT,
  UNKNOWN_CUSTOMER,
  LIMIT_TOO_OLD
}
