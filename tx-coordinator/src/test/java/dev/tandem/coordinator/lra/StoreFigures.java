package dev.tandem.coordinator.lra;

import com.arjuna.ats.arjuna.common.ObjectStoreEnvironmentBean;
import com.arjuna.ats.arjuna.common.Uid;
import com.arjuna.ats.arjuna.objectstore.ObjectStoreAPI;
import com.arjuna.ats.arjuna.state.OutputObjectState;
import com.arjuna.ats.internal.arjuna.objectstore.ShadowNoFileLockStore;
import com.arjuna.ats.internal.arjuna.objectstore.hornetq.HornetqJournalEnvironmentBean;
import com.arjuna.ats.internal.arjuna.objectstore.hornetq.HornetqObjectStoreAdaptor;
import com.arjuna.ats.internal.arjuna.objectstore.slot.DiskSlots;
import com.arjuna.ats.internal.arjuna.objectstore.slot.SlotStore;
import com.arjuna.ats.internal.arjuna.objectstore.slot.SlotStoreAdaptor;
import com.arjuna.ats.internal.arjuna.objectstore.slot.SlotStoreEnvironmentBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an action with two participants costs in each store that Narayana has: start, two joins,
 * closing, prepared, removed. All force each write to disk. Rounds are interleaved, because the
 * machine is never quiet.
 */
@Tag("figures")
class StoreFigures {

  private static final String TYPE = "/StateManager/BasicAction/LongRunningAction";
  private static final Duration ROUND = Duration.ofSeconds(2);
  private static final int ROUNDS = 4;
  private static final int[] SIZES = {300, 900, 1500, 1500, 1500};

  @TempDir Path folder;

  @Test
  void actionsPerSecondInEachStore() throws Exception {
    for (int threads : new int[] {1, 8}) {
      var stores = stores(folder.resolve("with-" + threads));
      for (int round = 1; round <= ROUNDS; round++) {
        var line = new StringBuilder(threads + " threads, round " + round + ": ");
        for (var store : stores.entrySet()) {
          line.append(store.getKey())
              .append(' ')
              .append(run(store.getValue(), threads))
              .append("  ");
        }
        System.out.println(line);
      }
      stores.values().forEach(ObjectStoreAPI::stop);
    }
  }

  private static Map<String, ObjectStoreAPI> stores(Path folder) throws Exception {
    var stores = new LinkedHashMap<String, ObjectStoreAPI>();
    stores.put("file", files(folder.resolve("file")));
    stores.put("slots", slots(folder.resolve("slots")));
    for (int flushes : new int[] {500, 2_000, 10_000, 100_000}) {
      stores.put("journal/" + flushes, journal(folder.resolve("journal-" + flushes), flushes));
    }
    stores.values().forEach(ObjectStoreAPI::start);
    return stores;
  }

  private static ObjectStoreAPI files(Path folder) throws Exception {
    var bean = new ObjectStoreEnvironmentBean();
    bean.setObjectStoreDir(Files.createDirectories(folder).toString());
    return new ShadowNoFileLockStore(bean);
  }

  private static ObjectStoreAPI slots(Path folder) throws Exception {
    var bean = new SlotStoreEnvironmentBean();
    bean.setStoreDir(Files.createDirectories(folder).toString());
    bean.setBackingSlots(new DiskSlots());
    return new SlotStoreAdaptor(new SlotStore(bean));
  }

  private static ObjectStoreAPI journal(Path folder, int flushesPerSecond) throws Exception {
    var bean = new HornetqJournalEnvironmentBean();
    bean.setStoreDir(Files.createDirectories(folder).toString());
    bean.setAsyncIO(false);
    bean.setBufferFlushesPerSecond(flushesPerSecond);
    return new HornetqObjectStoreAdaptor(bean);
  }

  private static long run(ObjectStoreAPI store, int threads) throws Exception {
    var pool = Executors.newFixedThreadPool(threads);
    try {
      long until = System.nanoTime() + ROUND.toNanos();
      Callable<Long> worker = () -> actionsUntil(until, store);
      long done = 0;
      for (var count :
          pool.invokeAll(
              IntStream.range(0, threads).mapToObj(i -> worker).collect(Collectors.toList()))) {
        done += count.get();
      }
      return done * 1000 / ROUND.toMillis();
    } finally {
      pool.shutdownNow();
    }
  }

  private static long actionsUntil(long until, ObjectStoreAPI store) throws Exception {
    long done = 0;
    for (; System.nanoTime() < until; done++) {
      var uid = new Uid();
      for (int size : SIZES) {
        if (!store.write_committed(uid, TYPE, new OutputObjectState(uid, TYPE, new byte[size]))) {
          throw new AssertionError("not written");
        }
      }
      if (!store.remove_committed(uid, TYPE)) {
        throw new AssertionError("not removed");
      }
    }
    return done;
  }
}
