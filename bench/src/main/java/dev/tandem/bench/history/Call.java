package dev.tandem.bench.history;

/**
 * One call. Times are nanoseconds since the run's start, by the driver's monotonic clock.
 *
 * @param number counts the run's calls, in no order of time
 * @param window as {@link dev.tandem.bench.RunFacts.Window} has it; {@code prepare} for what the
 *     run does for itself: makes customers (round 0), empties accounts before a turn
 * @param amount the limit or the order's total as a decimal string; "" for reads and cancels
 * @param intended when it was due by the schedule; latency is counted from here
 * @param started when it was sent
 * @param ended when its answer was read, or when the client gave up
 * @param status the HTTP status, 0 for no answer
 * @param word the problem's code, the reason of a rejection, or ""
 * @param version the answer's ETag, or the limit's version that a read or an order's decision
 *     showed; 0 for none
 * @param changeId of a change of a limit where the answer named it, else ""
 * @param orderId of an order where it is known, else ""
 */
public record Call(
    long number,
    String client,
    String mode,
    int round,
    String window,
    Operation operation,
    String customer,
    String amount,
    long intended,
    long started,
    long ended,
    Ending ending,
    int status,
    String word,
    long version,
    String changeId,
    String orderId) {}
