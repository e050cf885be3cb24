package dev.tandem.coordinator.xa.log;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** One fact in the log, and its bytes: a type, then its fields. */
sealed interface LogRecord {

  record Decided(Decision decision) implements LogRecord {}

  record Ended(String transaction) implements LogRecord {}

  record Noted(Anomaly anomaly) implements LogRecord {}

  record Acknowledged(Anomaly anomaly) implements LogRecord {}

  byte DECIDED = 1;
  byte ENDED = 2;
  byte NOTED = 3;
  byte ACKNOWLEDGED = 4;

  /** Throws {@link IllegalArgumentException} if a text takes more than 65535 bytes. */
  static byte[] encode(LogRecord fact) {
    var bytes = new ByteArrayOutputStream(256);
    try {
      write(fact, new DataOutputStream(bytes));
    } catch (IOException tooLong) {
      throw new IllegalArgumentException("A text is too long for the decision log", tooLong);
    }
    return bytes.toByteArray();
  }

  private static void write(LogRecord fact, DataOutput out) throws IOException {
    if (fact instanceof Decided decided) {
      out.writeByte(DECIDED);
      writeDecision(decided.decision(), out);
    } else if (fact instanceof Ended ended) {
      out.writeByte(ENDED);
      out.writeUTF(ended.transaction());
    } else if (fact instanceof Noted noted) {
      out.writeByte(NOTED);
      writeAnomaly(noted.anomaly(), out);
    } else if (fact instanceof Acknowledged acknowledged) {
      out.writeByte(ACKNOWLEDGED);
      writeAnomaly(acknowledged.anomaly(), out);
    }
  }

  private static void writeDecision(Decision decision, DataOutput out) throws IOException {
    out.writeUTF(decision.transaction());
    out.writeUTF(decision.reference());
    out.writeInt(decision.branches().size());
    for (var branch : decision.branches().entrySet()) {
      out.writeUTF(branch.getKey());
      out.writeUTF(branch.getValue());
    }
    writeInstant(decision.decidedAt(), out);
  }

  private static void writeAnomaly(Anomaly anomaly, DataOutput out) throws IOException {
    out.writeUTF(anomaly.transaction());
    out.writeUTF(anomaly.participant());
    out.writeUTF(anomaly.branch());
    out.writeUTF(anomaly.what());
    writeInstant(anomaly.at(), out);
  }

  private static void writeInstant(Instant instant, DataOutput out) throws IOException {
    out.writeLong(instant.getEpochSecond());
    out.writeInt(instant.getNano());
  }

  /** Throws {@link IOException} if the bytes are none of the types above. */
  static LogRecord decode(byte[] body) throws IOException {
    var in = new DataInputStream(new ByteArrayInputStream(body));
    byte type = in.readByte();
    return switch (type) {
      case DECIDED -> new Decided(readDecision(in));
      case ENDED -> new Ended(in.readUTF());
      case NOTED -> new Noted(readAnomaly(in));
      case ACKNOWLEDGED -> new Acknowledged(readAnomaly(in));
      default -> throw new IOException("unknown record type " + type);
    };
  }

  private static Decision readDecision(DataInputStream in) throws IOException {
    String transaction = in.readUTF();
    String reference = in.readUTF();
    Map<String, String> branches = new HashMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      branches.put(in.readUTF(), in.readUTF());
    }
    return new Decision(transaction, reference, branches, readInstant(in));
  }

  private static Anomaly readAnomaly(DataInputStream in) throws IOException {
    return new Anomaly(in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF(), readInstant(in));
  }

  private static Instant readInstant(DataInputStream in) throws IOException {
    return Instant.ofEpochSecond(in.readLong(), in.readInt());
  }
}
