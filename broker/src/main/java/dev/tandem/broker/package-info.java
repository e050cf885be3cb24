/**
 * The message broker as a process of its own: Apache ActiveMQ Artemis with the queues that the mode
 * event needs, and nothing else. Whatever the two services do, what it has acknowledged is on disk.
 */
@NullMarked
package dev.tandem.broker;

import org.jspecify.annotations.NullMarked;
