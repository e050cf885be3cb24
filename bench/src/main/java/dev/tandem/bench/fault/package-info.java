/**
 * What can be done to the running stack. Each fault comes with its healing, which happens whatever
 * comes.
 */
@NullMarked
package dev.tandem.bench.fault;

import org.jspecify.annotations.NullMarked;
