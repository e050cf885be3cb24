package dev.tandem.dbinit;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** One run of the program in this process: its exit code and what it said. */
record Run(int exitCode, String out, String err) {
  /** Runtime and owner passwords: one that must be quoted, and one of each kind of letter. */
  static final String RUNTIME_PASSWORD = "it's \"quoted\" \\ ; %s";

  static final String OWNER_PASSWORD = "owner-ÄÖ€";

  static final Map<String, String> ENVIRONMENT =
      Map.of(
          "TANDEM_CUSTOMER_DB_ADMIN_USER",
          TestServer.ADMIN,
          "TANDEM_CUSTOMER_DB_ADMIN_PASSWORD",
          TestServer.ADMIN_PASSWORD,
          "TANDEM_CUSTOMER_DB_OWNER_PASSWORD",
          OWNER_PASSWORD,
          "TANDEM_CUSTOMER_DB_PASSWORD",
          RUNTIME_PASSWORD,
          "TANDEM_ORDER_DB_ADMIN_USER",
          TestServer.ADMIN,
          "TANDEM_ORDER_DB_ADMIN_PASSWORD",
          TestServer.ADMIN_PASSWORD,
          "TANDEM_ORDER_DB_OWNER_PASSWORD",
          OWNER_PASSWORD,
          "TANDEM_ORDER_DB_PASSWORD",
          RUNTIME_PASSWORD);

  static Run of(Map<String, String> environment, String... args) {
    return of(environment, new StringWriter(), args);
  }

  /** What it says can be read in {@code out} while it still runs. */
  static Run of(Map<String, String> environment, StringWriter out, String... args) {
    var err = new StringWriter();
    int exitCode =
        DbInit.execute(environment, new PrintWriter(out, true), new PrintWriter(err, true), args);
    return new Run(exitCode, out.toString(), err.toString());
  }

  static Run on(String customerDb, String orderDb, String... more) {
    return of(ENVIRONMENT, arguments(customerDb, orderDb, more));
  }

  static CompletableFuture<Run> start(StringWriter out, String... args) {
    var run = new CompletableFuture<Run>();
    new Thread(() -> run.complete(of(ENVIRONMENT, out, args)), "db-init").start();
    return run;
  }

  static String[] arguments(String customerDb, String orderDb, String... more) {
    var args =
        Arrays.copyOf(
            new String[] {"--customer-db", customerDb, "--order-db", orderDb}, 4 + more.length);
    System.arraycopy(more, 0, args, 4, more.length);
    return args;
  }

  static Map<String, String> environmentWith(String name, String value) {
    var changed = new HashMap<>(ENVIRONMENT);
    changed.put(name, value);
    return changed;
  }

  boolean saysASecret() {
    var all = out + err;
    return all.contains(RUNTIME_PASSWORD)
        || all.contains(OWNER_PASSWORD)
        || all.contains(TestServer.ADMIN_PASSWORD);
  }
}
