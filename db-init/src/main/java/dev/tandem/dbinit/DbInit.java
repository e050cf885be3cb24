package dev.tandem.dbinit;

import dev.tandem.dbinit.DbInitFailed.Reason;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The program. {@code --help} says what it does, which environment it reads, and its exit codes.
 */
@Command(
    name = "db-init",
    sortOptions = false,
    usageHelpWidth = 100,
    header = "Creates Tandem's two databases, or brings them up to date. Safe to repeat.",
    description = {
      "",
      "Waits for both PostgreSQL servers, checks their settings, then creates on each the roles, the database and its"
          + " tables, with least privileges. Nothing is changed before both servers have passed the checks.",
      ""
    },
    optionListHeading = "Options:%n",
    footerHeading = "%nEnvironment (required; secrets are never on the command line):%n",
    footer = {
      "  TANDEM_CUSTOMER_DB_ADMIN_USER, TANDEM_ORDER_DB_ADMIN_USER",
      "                         superusers, or roles with CREATEROLE and CREATEDB",
      "  TANDEM_CUSTOMER_DB_ADMIN_PASSWORD, TANDEM_ORDER_DB_ADMIN_PASSWORD",
      "                         their passwords (may be empty where the server trusts)",
      "  TANDEM_CUSTOMER_DB_OWNER_PASSWORD, TANDEM_ORDER_DB_OWNER_PASSWORD",
      "                         for customer_owner and orders_owner, who own the tables",
      "  TANDEM_CUSTOMER_DB_PASSWORD, TANDEM_ORDER_DB_PASSWORD",
      "                         for customer_service and order_service, whom the services use",
      "The passwords given here are in force afterwards."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:both databases are ready",
      "1:anything else went wrong",
      "2:wrong usage: an option or an environment variable is missing or wrong",
      "3:a server was not reachable in time",
      "4:a server's setting or version is wrong",
      "5:not allowed: wrong credentials, missing rights, or roles with too many",
      "6:a migration failed, or the schema is newer or was changed",
      "7:both addresses are the same server, or they are swapped"
    })
public final class DbInit implements Callable<Integer> {
  // Held here because the logging system itself may forget a logger together with its level.
  private static final Logger FLYWAY = Logger.getLogger("org.flywaydb");

  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--customer-db",
      required = true,
      paramLabel = "<url>",
      description =
          "Address of the server for database customer: jdbc:postgresql://host:port/postgres")
  String customerDb = "";

  @Option(
      names = "--order-db",
      required = true,
      paramLabel = "<url>",
      description = "Address of the server for database orders.")
  String orderDb = "";

  @Option(
      names = "--customers",
      paramLabel = "<n>",
      defaultValue = "0",
      description =
          "Sample customers to create in both databases, at most 1000000 (default: ${DEFAULT-VALUE}). They are at"
              + " version 1 without a change row, have the same ids every time, and are left alone if they exist.")
  int customers;

  @Option(
      names = "--limit",
      paramLabel = "<amount>",
      defaultValue = "500",
      description = "Credit limit of new sample customers (default: ${DEFAULT-VALUE}).")
  BigDecimal limit = BigDecimal.ZERO;

  @Option(
      names = "--wait",
      paramLabel = "<duration>",
      defaultValue = "60s",
      converter = Durations.class,
      description = "How long to wait for the servers: 500ms, 60s, 2m (default: ${DEFAULT-VALUE}).")
  Duration wait = Duration.ZERO;

  @Option(
      names = "--allow-same-server",
      description = "Both databases on one server: to try things out. They cannot fail alone then.")
  boolean sameServerAllowed;

  @Option(names = "--verbose", description = "Show stack traces, and what Flyway does.")
  boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  private final Map<String, String> environment;

  private DbInit(Map<String, String> environment) {
    this.environment = environment;
  }

  public static void main(String[] args) {
    var out = new PrintWriter(System.out, true);
    var err = new PrintWriter(System.err, true);
    System.exit(execute(System.getenv(), out, err, args));
  }

  /** The whole program, but for the end of the process: returns the exit code. */
  static int execute(
      Map<String, String> environment, PrintWriter out, PrintWriter err, String... args) {
    return new CommandLine(new DbInit(environment))
        .setOut(out)
        .setErr(err)
        .setParameterExceptionHandler((e, rest) -> usage(err, e.getMessage()))
        .setExecutionExceptionHandler(
            (e, command, parsed) -> command.<DbInit>getCommand().failed(e))
        .execute(args);
  }

  private static int usage(PrintWriter err, @Nullable String message) {
    err.println("db-init: " + message + ". See --help.");
    return Reason.USAGE.exitCode();
  }

  @Override
  public Integer call() {
    FLYWAY.setLevel(verbose ? Level.INFO : Level.OFF);
    var samples = samples();
    var installation =
        new Installation(
            setup(Databases.CUSTOMER, "--customer-db", customerDb, "TANDEM_CUSTOMER_DB"),
            setup(Databases.ORDERS, "--order-db", orderDb, "TANDEM_ORDER_DB"),
            sameServerAllowed,
            this::say);
    installation.check(new Waiting(wait, Clock.systemUTC(), this::say));
    installation.create();
    if (samples.count() > 0) {
      installation.load(samples);
    }
    return 0;
  }

  private SampleCustomers samples() {
    demand(
        customers >= 0 && customers <= 1_000_000,
        "--customers is " + customers + ", it must be 0 to 1000000");
    var plain = limit.stripTrailingZeros();
    demand(
        limit.signum() >= 0 && plain.scale() <= 2 && plain.precision() - plain.scale() <= 17,
        "--limit is "
            + limit
            + ", it must be an amount of at least 0 with at most two decimals and 17 digits before the point");
    return new SampleCustomers(customers, limit);
  }

  private DatabaseSetup setup(Databases database, String option, String url, String prefix) {
    demand(
        url.matches("jdbc:postgresql://[^/]+/[^/?]+(\\?.*)?"),
        option
            + " must be the address of a database that exists: jdbc:postgresql://host:port/postgres");
    demand(
        !url.contains("password="),
        option + " must not hold a password: give it in " + prefix + "_ADMIN_PASSWORD");
    var admin = fromEnvironment(prefix + "_ADMIN_USER");
    demand(
        !admin.equals(database.owner()) && !admin.equals(database.runtime()),
        prefix + "_ADMIN_USER must not be " + admin + ", one of the roles that are made");
    return new DatabaseSetup(
        database,
        new Server(
            database.server(),
            url,
            admin,
            environment.getOrDefault(prefix + "_ADMIN_PASSWORD", "")),
        fromEnvironment(prefix + "_OWNER_PASSWORD"),
        fromEnvironment(prefix + "_PASSWORD"),
        this::say);
  }

  private String fromEnvironment(String name) {
    var value = environment.getOrDefault(name, "");
    demand(!value.isEmpty(), "the environment variable " + name + " is missing or empty: set it");
    return value;
  }

  private static void demand(boolean good, String sentence) {
    if (!good) {
      throw new DbInitFailed(Reason.USAGE, sentence + ". See --help.");
    }
  }

  private void say(String line) {
    spec.commandLine().getOut().println(line);
  }

  private int failed(Exception e) {
    var err = spec.commandLine().getErr();
    err.println("db-init: " + sentence(e));
    for (var other : e.getSuppressed()) {
      err.println("db-init: " + sentence(other));
    }
    if (verbose) {
      e.printStackTrace(err);
    }
    return e instanceof DbInitFailed failure
        ? failure.reason().exitCode()
        : Reason.OTHER.exitCode();
  }

  private static String sentence(Throwable e) {
    return e instanceof DbInitFailed
        ? String.valueOf(e.getMessage())
        : "stopped by " + e + ": repeat with --verbose to see where";
  }
}
