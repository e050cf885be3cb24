/** One question each, as a YAML file: what load, which faults, for how long. */
@NullMarked
package dev.tandem.bench.plan;

import org.jspecify.annotations.NullMarked;
