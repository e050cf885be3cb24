/** The operator's switch: which mode is in force, and how to change it while the system runs. */
@NullMarked
package dev.tandem.customer.consistency;

import org.jspecify.annotations.NullMarked;
