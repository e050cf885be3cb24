/**
 * The interface in front of the rooms: how a service asks for a credit-limit change, and what a
 * room may ask of a service. How a change reaches both sides is each room's own affair; no room
 * knows another.
 */
@NullMarked
package dev.tandem.mode;

import org.jspecify.annotations.NullMarked;
