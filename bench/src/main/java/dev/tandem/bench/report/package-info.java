/** From a run's folder to the page that people read and the files that scripts read. */
@NullMarked
package dev.tandem.bench.report;

import org.jspecify.annotations.NullMarked;
