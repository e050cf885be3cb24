package dev.tandem.mode.event;

import dev.tandem.mode.Audience;
import dev.tandem.mode.ChangeRows;
import dev.tandem.mode.ConditionalOnMode;
import dev.tandem.mode.CopyLanes;
import dev.tandem.mode.LimitCopy;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Opens the copy's side of the room: a consumer for each lane, and what is told of them. */
@AutoConfiguration(
    afterName = {
      "dev.tandem.mode.event.EventConfiguration",
      "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration"
    })
@ConditionalOnMode(EventMode.NAME)
@ConditionalOnBean(LimitCopy.class)
class EventCopyConfiguration {

  @Bean
  CopyLanes copyLanes(JdbcClient jdbc, Lanes lanes) {
    return new CopyLanes(jdbc, lanes.count(), lanes::of);
  }

  @Bean
  DeadLetters deadLetters(ActiveMQConnectionFactory broker, Lanes lanes) {
    return new DeadLetters(broker, lanes);
  }

  @Bean
  CopyMeters copyMeters(MeterRegistry meters, CopyLanes lanes, DeadLetters deadLetters) {
    return new CopyMeters(meters, lanes, deadLetters, Clock.systemUTC());
  }

  @Bean
  Pauses eventPauses() {
    return new Pauses();
  }

  @Bean
  Intake intake(
      LimitCopy copy,
      ChangeRows rows,
      CopyLanes copyLanes,
      Lanes lanes,
      PlatformTransactionManager transactions,
      CopyMeters meters,
      Audience audience) {
    return new Intake(
        copy,
        rows,
        copyLanes,
        lanes.count(),
        new TransactionTemplate(transactions),
        meters,
        audience);
  }

  @Bean
  EventParticipation eventParticipation(
      ActiveMQConnectionFactory broker,
      Lanes lanes,
      Intake intake,
      DeadLetters deadLetters,
      Pauses pauses,
      Audience audience) {
    var consumers =
        lanes
            .all()
            .mapToObj(lane -> new LaneConsumer(lane, intake, deadLetters, pauses, audience))
            .toList();
    return new EventParticipation(
        consumers,
        consumers.stream().map(one -> container(broker, lanes, one, pauses, audience)).toList(),
        pauses);
  }

  private static LaneContainer container(
      ActiveMQConnectionFactory broker,
      Lanes lanes,
      LaneConsumer consumer,
      Pauses pauses,
      Audience audience) {
    return new LaneContainer(
        broker, lanes.destination(consumer.lane()), consumer, pauses, audience);
  }

  @Bean
  EventCopyApi eventCopyApi(
      CopyLanes copyLanes,
      EventParticipation participation,
      CopyMeters meters,
      DeadLetters deadLetters) {
    return new EventCopyApi(copyLanes, participation, meters, deadLetters);
  }
}
