package dev.tandem.dbinit;

import dev.tandem.dbinit.DbInitFailed.Reason;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import org.postgresql.PGConnection;

/**
 * Roles, database, privileges and tables of one database, in this order; each step can be repeated.
 */
record DatabaseSetup(
    Databases database,
    Server server,
    String ownerPassword,
    String runtimePassword,
    Consumer<String> say) {
  // Same number for both databases: they may share a server, and roles and databases are the
  // server's.
  private static final long LOCK = 0x74616e64656dL; // "tandem"

  DatabaseSetup {
    if (ownerPassword.isEmpty() || runtimePassword.isEmpty()) {
      throw new DbInitFailed(
          Reason.USAGE,
          "the passwords of %s and %s must not be empty"
              .formatted(database.owner(), database.runtime()));
    }
  }

  void run() {
    try (var admin = server.connect()) {
      lock(admin);
      createRole(admin, database.owner(), ownerPassword);
      createRole(admin, database.runtime(), runtimePassword);
      createDatabase(admin);
      limitWaiting(admin);
      closeCommonDatabases(admin);
      closeOwnDatabase();
      Schema.migrate(server, database, ownerPassword);
      checkRuntimeRole();
      say.accept(
          "%s: database %s is ready for %s"
              .formatted(server.address(), database.database(), database.runtime()));
      tellOfOtherDatabases(admin);
    } catch (SQLException e) {
      throw server.failed("initialising database " + database.database(), e);
    }
  }

  /**
   * Held until the connection closes. Whoever else initialises this server waits for us, not for
   * ever.
   */
  private static void lock(Connection admin) throws SQLException {
    Sql.run(admin, "set lock_timeout = '60s'");
    Sql.value(admin, "select pg_advisory_lock(" + LOCK + ")::text");
  }

  private void createRole(Connection admin, String role, String password) {
    try {
      if (!Sql.holds(admin, "exists (select from pg_roles where rolname = ?)", role)) {
        Sql.run(admin, "create role %s login", role);
      }
      Sql.run(admin, "alter role %s login" + powersToTakeAway(admin, role), role);
      setPassword(admin, role, password);
      refuseMemberships(admin, role);
    } catch (SQLException e) {
      throw server.failed("creating role " + role, e);
    }
  }

  /**
   * Only what the role has: to a mere CREATEROLE administrator even saying NOSUPERUSER is
   * forbidden.
   */
  private static String powersToTakeAway(Connection admin, String role) throws SQLException {
    return Sql.value(
        admin,
        """
        select concat(case when rolsuper then ' nosuperuser' end, case when rolcreatedb then ' nocreatedb' end,
                      case when rolcreaterole then ' nocreaterole' end,
                      case when rolreplication then ' noreplication' end,
                      case when rolbypassrls then ' nobypassrls' end)
        from pg_roles where rolname = ?
        """,
        role);
  }

  /** The driver sends a SCRAM verifier, so that the password is in no server log. */
  private static void setPassword(Connection admin, String role, String password)
      throws SQLException {
    admin
        .unwrap(PGConnection.class)
        .alterUserPassword(role, password.toCharArray(), "scram-sha-256");
  }

  private void refuseMemberships(Connection admin, String role) throws SQLException {
    var memberOf =
        Sql.column(
            admin,
            """
            select g.rolname from pg_auth_members m join pg_roles g on g.oid = m.roleid
            join pg_roles r on r.oid = m.member where r.rolname = ? order by 1
            """,
            role);
    if (!memberOf.isEmpty()) {
      throw new DbInitFailed(
          Reason.NOT_ALLOWED,
          "%s: role %s has more than it may, it is a member of %s: REVOKE %s FROM %s"
              .formatted(server.address(), role, memberOf, memberOf.get(0), role));
    }
  }

  private void createDatabase(Connection admin) {
    try {
      var owner =
          Sql.column(
              admin,
              "select pg_get_userbyid(datdba) from pg_database where datname = ?",
              database.database());
      if (owner.isEmpty()) {
        createOwnedDatabase(admin);
      } else if (!owner.equals(List.of(database.owner()))) {
        throw new DbInitFailed(
            Reason.NOT_ALLOWED,
            "%s: database %s belongs to %s: drop it, or ALTER DATABASE %s OWNER TO %s"
                .formatted(
                    server.address(),
                    database.database(),
                    owner.get(0),
                    database.database(),
                    database.owner()));
      }
    } catch (SQLException e) {
      throw server.failed("creating database " + database.database(), e);
    }
  }

  /**
   * To give a database to a role one must be able to become it; a mere CREATEROLE administrator is
   * not, at first.
   */
  private void createOwnedDatabase(Connection admin) throws SQLException {
    boolean mayBecomeOwner =
        Sql.holds(admin, "pg_has_role(current_user, ?::name, 'SET')", database.owner());
    if (!mayBecomeOwner) {
      Sql.run(admin, "grant %s to current_user with inherit false, set true", database.owner());
    }
    // template0 and a built-in locale: the same database on every server, whatever its template1
    // and locale are.
    Sql.run(
        admin,
        "create database %s owner %s template template0 encoding 'UTF8'"
            + " locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'",
        database.database(),
        database.owner());
    if (!mayBecomeOwner) {
      Sql.run(admin, "revoke %s from current_user", database.owner());
    }
  }

  /**
   * A service that hangs must not hold a customer for long, whatever its own settings are. A lock
   * is waited for 1 s: a request that waits longer is better told to come again. A transaction idle
   * for 10 s has lost its program: the longest work call lives 2 s. No statement of the services
   * needs 10 s. And a backend whose client died notices within 1 s, else it might prepare a branch
   * minutes later.
   */
  private void limitWaiting(Connection admin) throws SQLException {
    for (var setting :
        List.of(
            "lock_timeout = '1s'",
            "idle_in_transaction_session_timeout = '10s'",
            "statement_timeout = '10s'",
            "client_connection_check_interval = '1s'")) {
      Sql.run(
          admin,
          "alter role %s in database %s set " + setting,
          database.runtime(),
          database.database());
    }
  }

  /**
   * Everybody may connect to these by default, and so might the service. Closed where the
   * administrator may.
   */
  private static void closeCommonDatabases(Connection admin) throws SQLException {
    var closable =
        Sql.column(
            admin,
            """
            select datname from pg_database
            where datname in ('postgres', 'template1') and pg_has_role(current_user, datdba, 'USAGE')
            """);
    for (var name : closable) {
      Sql.run(admin, "revoke connect on database %s from public", name);
    }
  }

  private void closeOwnDatabase() throws SQLException {
    try (var owner = asOwner()) {
      Sql.run(owner, "revoke all on database %s from public", database.database());
      Sql.run(owner, "grant connect on database %s to %s", database.database(), database.runtime());
      Sql.run(owner, "revoke all on schema public from public");
      Sql.run(owner, "grant usage on schema public to %s", database.runtime());
    }
  }

  /** Comes in as the service will, and looks at what it may do. */
  private void checkRuntimeRole() throws SQLException {
    try (var runtime =
        server.database(database.database(), database.runtime(), runtimePassword).getConnection()) {
      boolean mayCreate =
          Sql.holds(runtime, "has_schema_privilege('public', 'CREATE')")
              || Sql.holds(runtime, "has_database_privilege(current_database(), 'CREATE, TEMP')");
      if (mayCreate) {
        throw new DbInitFailed(
            Reason.NOT_ALLOWED,
            "%s: role %s can create tables in database %s: REVOKE CREATE ON SCHEMA public FROM PUBLIC there"
                .formatted(server.address(), database.runtime(), database.database()));
      }
    }
  }

  /** Databases of other people are theirs to close; that they are open is worth knowing. */
  private void tellOfOtherDatabases(Connection admin) throws SQLException {
    var open =
        Sql.column(
            admin,
            """
            select datname from pg_database
            where datallowconn and datname <> ? and has_database_privilege(?::name, oid, 'CONNECT') order by 1
            """,
            database.database(),
            database.runtime());
    if (!open.isEmpty()) {
      say.accept(
          "%s: note: %s may also connect to %s, which are open to everybody; REVOKE CONNECT ON DATABASE ... FROM PUBLIC closes them"
              .formatted(server.address(), database.runtime(), open));
    }
  }

  Connection asOwner() throws SQLException {
    return server.database(database.database(), database.owner(), ownerPassword).getConnection();
  }
}
