package dev.tandem.dbinit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * Customers to play with, the same ones every time, at version 1 and without a change row. Those
 * that exist stay as they are.
 */
record SampleCustomers(int count, BigDecimal limit) {

  static UUID id(int number) {
    return UUID.nameUUIDFromBytes(("sample-customer-" + number).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Customers first, then their copies as the customers are: if a run breaks off in between, the
   * next one completes it, and takes the limit that the customer has rather than the one it was
   * called with.
   *
   * @return how many customers are new
   */
  int load(Connection customer, Connection orders) throws SQLException {
    try {
      int created = createCustomers(customer);
      createAccounts(orders, copyOfCustomers(customer));
      return created;
    } catch (IOException e) {
      throw new SQLException("copying sample customers: " + e.getMessage(), e);
    }
  }

  private int createCustomers(Connection customer) throws SQLException, IOException {
    Sql.run(customer, "create temp table sample (number int, customer_id uuid)");
    copy(customer).copyIn("copy sample from stdin", new StringReader(numbersAndIds()));
    try (var insert =
        customer.prepareStatement(
            """
            insert into customer (customer_id, name, credit_limit, version)
            select customer_id, 'Sample customer ' || number, ?, 1 from sample order by number
            on conflict (customer_id) do nothing
            """)) {
      insert.setBigDecimal(1, limit);
      return insert.executeUpdate();
    }
  }

  private String numbersAndIds() {
    var rows = new StringBuilder();
    for (int number = 1; number <= count; number++) {
      rows.append(number).append('\t').append(id(number)).append('\n');
    }
    return rows.toString();
  }

  private static byte[] copyOfCustomers(Connection customer) throws SQLException, IOException {
    var rows = new ByteArrayOutputStream();
    copy(customer)
        .copyOut(
            """
            copy (select c.customer_id, c.credit_limit, c.version from sample join customer c using (customer_id)
                  order by number) to stdout
            """,
            rows);
    return rows.toByteArray();
  }

  private static void createAccounts(Connection orders, byte[] customers)
      throws SQLException, IOException {
    Sql.run(
        orders,
        "create temp table sample (customer_id uuid, credit_limit numeric(19, 2), version bigint)");
    copy(orders).copyIn("copy sample from stdin", new ByteArrayInputStream(customers));
    Sql.run(
        orders,
        """
        insert into credit_account (customer_id, credit_limit, limit_version)
        select customer_id, credit_limit, version from sample order by customer_id
        on conflict (customer_id) do nothing
        """);
  }

  private static CopyManager copy(Connection connection) throws SQLException {
    return connection.unwrap(PGConnection.class).getCopyAPI();
  }
}
