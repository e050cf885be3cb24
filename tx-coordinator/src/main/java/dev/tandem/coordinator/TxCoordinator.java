package dev.tandem.coordinator;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the coordinator. */
@SpringBootApplication
public class TxCoordinator {

  public static void main(String[] args) {
    SpringApplication.run(TxCoordinator.class, args);
  }
}
