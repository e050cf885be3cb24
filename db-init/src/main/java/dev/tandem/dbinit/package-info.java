/**
 * Creates the two databases: roles with least privileges, schemas, sample customers; checks what
 * the servers promise. Everything here can be repeated, and stops with one sentence that says the
 * cure. It knows the tables, not the shop's rules.
 *
 * <p>The program is {@code DbInit}. Tests that need one of the databases on a server of their own
 * call {@link dev.tandem.dbinit.Databases#initialise}:
 *
 * <pre>{@code
 * Databases.CUSTOMER.initialise(adminJdbcUrl, adminUser, adminPassword, ownerPassword, runtimePassword);
 * }</pre>
 */
@NullMarked
package dev.tandem.dbinit;

import org.jspecify.annotations.NullMarked;
