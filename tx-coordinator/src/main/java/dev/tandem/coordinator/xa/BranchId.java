package dev.tandem.coordinator.xa;

import com.atomikos.datasource.xa.XID;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.transaction.xa.Xid;

/**
 * The name of one participant's part of a transaction: {@code xa1:transaction:qualifier:reference}.
 *
 * @param qualifier Atomikos' branch qualifier; distinct within its transaction
 */
record BranchId(String transaction, String qualifier, String reference) {

  private static final String FORMAT = "xa1";
  private static final int PARTS = 4;

  static BranchId of(Xid xid, String reference) {
    return new BranchId(transactionOf(xid), text(xid.getBranchQualifier()), reference);
  }

  static String transactionOf(Xid xid) {
    return text(xid.getGlobalTransactionId());
  }

  static Optional<BranchId> parse(String text) {
    var parts = text.split(":", -1);
    return parts.length == PARTS && parts[0].equals(FORMAT)
        ? Optional.of(new BranchId(parts[1], parts[2], parts[3]))
        : Optional.empty();
  }

  /** The same transaction and qualifier, as Atomikos' recovery knows them. */
  Xid xid() {
    return new XID(transaction, qualifier, "");
  }

  boolean is(Xid xid) {
    return transaction.equals(transactionOf(xid))
        && qualifier.equals(text(xid.getBranchQualifier()));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  @Override
  public String toString() {
    return String.join(":", FORMAT, transaction, qualifier, reference);
  }
}
