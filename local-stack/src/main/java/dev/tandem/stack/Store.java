package dev.tandem.stack;

/** One service's own database on its server. */
record Store(DatabaseServer server, String database) {}
