package dev.tandem.coordinator.lra;

import com.arjuna.ats.arjuna.common.Uid;
import com.arjuna.ats.arjuna.exceptions.ObjectStoreException;
import com.arjuna.ats.arjuna.objectstore.ObjectStoreAPI;
import com.arjuna.ats.arjuna.state.InputObjectState;
import com.arjuna.ats.arjuna.state.OutputObjectState;
import com.arjuna.ats.internal.arjuna.objectstore.hornetq.HornetqJournalEnvironmentBean;
import com.arjuna.ats.internal.arjuna.objectstore.hornetq.HornetqObjectStoreAdaptor;
import dev.tandem.rest.internal.UnusableSetting;
import java.io.IOException;
import java.io.SyncFailedException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where open actions are kept: a journal in a locked folder. A write has been forced to disk when
 * it returns, and no record is rewritten in place.
 *
 * <p>Narayana keeps the first store that it meets for the life of the process. So there is one
 * object, which can be opened again on another folder after it was closed.
 */
final class LraStore implements ObjectStoreAPI {

  private static final Logger log = LoggerFactory.getLogger(LraStore.class);

  /**
   * How often the journal looks whether it has something to force. Its own 500 make every write
   * wait 2 ms for its turn; at 10,000 those who write at once still share a force. See decision
   * 0007.
   */
  private static final int FLUSHES_PER_SECOND = 10_000;

  static final LraStore STORE = new LraStore();

  private record Opened(Path folder, FileChannel lock, ObjectStoreAPI journal) {}

  private final LongAdder writes = new LongAdder();
  private volatile @Nullable Opened opened;
  private volatile @Nullable Exception failure;

  private LraStore() {}

  /**
   * @throws UnusableSetting if the folder cannot be written or belongs to another process
   */
  synchronized void open(Path folder) {
    if (opened != null) {
      throw unusable(folder, "is open already in this process", null);
    }
    try {
      var lock = lock(Files.createDirectories(folder));
      opened = new Opened(folder, lock, journal(folder));
      failure = null;
    } catch (IOException | RuntimeException refused) {
      throw refused instanceof UnusableSetting known
          ? known
          : unusable(folder, "cannot be used: " + refused, refused);
    }
  }

  private static FileChannel lock(Path folder) throws IOException {
    var channel =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException held) {
      // the refusal below is the answer
    }
    if (lock == null) {
      channel.close();
      throw unusable(folder, "is in use by another process", null);
    }
    return channel;
  }

  private static ObjectStoreAPI journal(Path folder) throws IOException {
    var settings = new HornetqJournalEnvironmentBean();
    settings.setStoreDir(folder.toString());
    settings.setAsyncIO(false);
    settings.setSyncWrites(true);
    settings.setSyncDeletes(true);
    settings.setBufferFlushesPerSecond(FLUSHES_PER_SECOND);
    var journal = new HornetqObjectStoreAdaptor(settings);
    journal.start();
    return journal;
  }

  private static UnusableSetting unusable(Path folder, String why, @Nullable Throwable cause) {
    var unusable =
        new UnusableSetting(
            "tandem.lra.store-folder=" + folder + " " + why,
            "Each coordinator needs a folder of its own that it may write, on a disk that is kept.");
    unusable.initCause(cause);
    return unusable;
  }

  /** Narayana opens nothing by itself: {@link #open} has done it. */
  @Override
  public void start() {}

  @Override
  public synchronized void stop() {
    var was = opened;
    if (was == null) {
      return;
    }
    opened = null;
    try (var lock = was.lock()) {
      was.journal().stop();
    } catch (IOException unlocked) {
      throw new java.io.UncheckedIOException(unlocked);
    }
  }

  /** How many records have been forced to disk. */
  long writes() {
    return writes.sum();
  }

  private ObjectStoreAPI journal() throws ObjectStoreException {
    var now = opened;
    if (now == null) {
      throw new ObjectStoreException("the store of Long Running Actions is closed");
    }
    if (failure != null) {
      throw new ObjectStoreException("an earlier write failed", failure);
    }
    return now.journal();
  }

  /** Why nothing can be read or written any more, until a restart; null while all is well. */
  @Nullable Exception failure() {
    return failure;
  }

  private interface Write {
    boolean to(ObjectStoreAPI journal) throws ObjectStoreException;
  }

  /**
   * After a write that failed nobody knows what is on disk, and the journal's own memory is ahead
   * of it: to act on that could complete what a restart would compensate. So it is the last one.
   */
  private boolean write(Write write) throws ObjectStoreException {
    var journal = journal();
    writes.increment();
    try {
      return write.to(journal);
    } catch (ObjectStoreException | RuntimeException failed) {
      fail(failed);
      throw failed;
    }
  }

  void fail(Exception failed) {
    failure = failed;
    log.error("a write failed: no action is begun or ended any more before a restart", failed);
  }

  @Override
  public boolean write_committed(Uid uid, String type, OutputObjectState state)
      throws ObjectStoreException {
    return write(journal -> journal.write_committed(uid, type, state));
  }

  @Override
  public boolean remove_committed(Uid uid, String type) throws ObjectStoreException {
    return write(journal -> journal.remove_committed(uid, type));
  }

  @Override
  public @Nullable InputObjectState read_committed(Uid uid, String type)
      throws ObjectStoreException {
    return journal().read_committed(uid, type);
  }

  @Override
  public int currentState(Uid uid, String type) throws ObjectStoreException {
    return journal().currentState(uid, type);
  }

  @Override
  public boolean allObjUids(String type, InputObjectState found) throws ObjectStoreException {
    return journal().allObjUids(type, found);
  }

  @Override
  public boolean allObjUids(String type, InputObjectState found, int state)
      throws ObjectStoreException {
    return journal().allObjUids(type, found, state);
  }

  @Override
  public boolean allTypes(InputObjectState found) throws ObjectStoreException {
    return journal().allTypes(found);
  }

  @Override
  public void sync() throws ObjectStoreException, SyncFailedException {
    journal().sync();
  }

  @Override
  public boolean fullCommitNeeded() {
    return false;
  }

  @Override
  public String getStoreName() {
    var now = opened;
    return "LraStore:" + (now == null ? "closed" : now.folder());
  }

  // Shadow states are not used by actions: a journal has none.

  @Override
  public boolean write_uncommitted(Uid uid, String type, OutputObjectState state)
      throws ObjectStoreException {
    throw noShadows();
  }

  @Override
  public InputObjectState read_uncommitted(Uid uid, String type) throws ObjectStoreException {
    throw noShadows();
  }

  @Override
  public boolean remove_uncommitted(Uid uid, String type) throws ObjectStoreException {
    throw noShadows();
  }

  @Override
  public boolean commit_state(Uid uid, String type) throws ObjectStoreException {
    throw noShadows();
  }

  @Override
  public boolean hide_state(Uid uid, String type) throws ObjectStoreException {
    throw noShadows();
  }

  @Override
  public boolean reveal_state(Uid uid, String type) throws ObjectStoreException {
    throw noShadows();
  }

  @Override
  public boolean isType(Uid uid, String type, int state) throws ObjectStoreException {
    throw noShadows();
  }

  private static ObjectStoreException noShadows() {
    return new ObjectStoreException("this store keeps committed states only");
  }
}
