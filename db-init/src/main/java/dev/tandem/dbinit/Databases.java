package dev.tandem.dbinit;

/** The databases of Tandem, one for each service, with their roles and migrations. */
public enum Databases {
  /** Database {@code customer} of customer-service. */
  CUSTOMER("customer-db", "customer", "customer_owner", "customer_service", "db/customer"),
  /** Database {@code orders} of order-service. */
  ORDERS("order-db", "orders", "orders_owner", "order_service", "db/orders");

  private final String server;
  private final String database;
  private final String owner;
  private final String runtime;
  private final String migrations;

  Databases(String server, String database, String owner, String runtime, String migrations) {
    this.server = server;
    this.database = database;
    this.owner = owner;
    this.runtime = runtime;
    this.migrations = migrations;
  }

  /**
   * Creates this database with its roles and tables, or brings it up to date. It can be repeated,
   * and run by several at once: an advisory lock on the server lets one in at a time. The passwords
   * given are in force afterwards.
   *
   * <p>It does not wait for a server that is not up, and does not check the server's settings.
   *
   * @param adminJdbcUrl address of the server, with a database that exists ({@code
   *     jdbc:postgresql://host:port/postgres}); every parameter in it but user and password is used
   *     for all connections
   * @param adminUser a superuser, or a role with CREATEROLE and CREATEDB
   * @param adminPassword may be empty where the server trusts
   * @param ownerPassword of the role that owns the database and its tables; not empty
   * @param runtimePassword of the role that the service uses; not empty
   * @throws DbInitFailed with a sentence that names the cause and the cure
   */
  public void initialise(
      String adminJdbcUrl,
      String adminUser,
      String adminPassword,
      String ownerPassword,
      String runtimePassword) {
    var server = new Server(this.server, adminJdbcUrl, adminUser, adminPassword);
    new DatabaseSetup(this, server, ownerPassword, runtimePassword, line -> {}).run();
  }

  /** What messages call the server. */
  String server() {
    return server;
  }

  /** The database's name. */
  public String database() {
    return database;
  }

  /** The role that owns the database and its tables, and runs the migrations. */
  public String owner() {
    return owner;
  }

  /** The role that the service uses: no DDL, no other database, only what the migrations grant. */
  public String runtime() {
    return runtime;
  }

  String migrations() {
    return migrations;
  }
}
