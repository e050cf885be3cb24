package dev.tandem.coordinator.lra;

import com.arjuna.ats.arjuna.common.CoordinatorEnvironmentBean;
import com.arjuna.ats.arjuna.common.CoreEnvironmentBean;
import com.arjuna.ats.arjuna.common.ObjectStoreEnvironmentBean;
import com.arjuna.ats.arjuna.common.RecoveryEnvironmentBean;
import com.arjuna.ats.arjuna.exceptions.ObjectStoreException;
import com.arjuna.ats.arjuna.objectstore.StoreManager;
import com.arjuna.ats.arjuna.recovery.RecoveryManager;
import com.arjuna.ats.internal.arjuna.objectstore.VolatileStore;
import com.arjuna.ats.internal.arjuna.utils.ManualProcessId;
import com.arjuna.common.internal.util.propertyservice.BeanPopulator;
import io.narayana.lra.coordinator.domain.service.LRAService;
import io.narayana.lra.coordinator.internal.Implementations;
import io.narayana.lra.coordinator.internal.LRARecoveryModule;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.glassfish.jersey.client.spi.Connector;

/**
 * Starts and stops Narayana: one at a time in a process. It opens no port, starts no thread of its
 * own for recovery, and writes into its folder only.
 */
final class Narayana implements AutoCloseable {

  private final LRARecoveryModule recovery;

  Narayana(LraSettings settings, Connector participants) {
    configure(settings);
    LraStore.STORE.open(settings.storeFolder());
    ParticipantClient.use(participants);
    new StoreManager(LraStore.STORE, inMemory(), inMemory());
    RecoveryManager.manager(RecoveryManager.DIRECT_MANAGEMENT);
    Implementations.install();
    this.recovery = LRARecoveryModule.getInstance();
    startRecovery(settings.recoveryModule());
  }

  /** The first pass takes over what is open, before the first caller asks for it. */
  private void startRecovery(String expected) {
    if (!recovery.getClass().getName().equals(expected)) {
      throw new IllegalStateException(
          "this process recovers with " + recovery.getClass() + ", not with " + expected);
    }
    if (recovery instanceof LraRecovery ours) {
      ours.startAfresh();
      ours.periodicWorkSecondPass();
    }
  }

  /** Must come before any other class of Arjuna's: they read the beans once. */
  private static void configure(LraSettings settings) {
    var folder = settings.storeFolder().toAbsolutePath();
    var core = BeanPopulator.getDefaultInstance(CoreEnvironmentBean.class);
    core.setVarDir(folder.toString());
    core.setProcessImplementationClassName(ManualProcessId.class.getName()); // else: by a port
    core.setPid(ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE));
    for (var store : new String[] {null, "stateStore", "communicationStore"}) {
      intoFolder(BeanPopulator.getNamedInstance(ObjectStoreEnvironmentBean.class, store), folder);
    }
    var coordinator = BeanPopulator.getDefaultInstance(CoordinatorEnvironmentBean.class);
    coordinator.setTransactionStatusManagerEnable(false); // else it opens a port
    var recovery = BeanPopulator.getDefaultInstance(RecoveryEnvironmentBean.class);
    recovery.setRecoveryListener(false);
    recovery.setRecoveryModuleClassNames(List.of(settings.recoveryModule()));
    recovery.setRecoveryActivatorClassNames(List.of());
    recovery.setExpiryScannerClassNames(List.of());
  }

  private static void intoFolder(ObjectStoreEnvironmentBean store, Path folder) {
    store.setObjectStoreDir(folder.toString());
  }

  private static VolatileStore inMemory() {
    try {
      return new VolatileStore(new ObjectStoreEnvironmentBean());
    } catch (ObjectStoreException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  LRAService service() {
    return LRARecoveryModule.getService();
  }

  /** One pass over what the store holds. */
  void recover() {
    recovery.periodicWorkSecondPass();
  }

  /** Lets a pass that runs end soon. */
  void stopRecovering() {
    if (recovery instanceof LraRecovery ours) {
      ours.stop();
    }
  }

  @Override
  public void close() {
    RecoveryManager.manager(RecoveryManager.DIRECT_MANAGEMENT).terminate();
    service().getAll().forEach(action -> service().remove(action.getLraId()));
    StoreManager.shutdown();
    Implementations.uninstall();
    ParticipantClient.release();
  }
}
