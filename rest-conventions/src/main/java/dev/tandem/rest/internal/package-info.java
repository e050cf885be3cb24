/**
 * The second door: the internal listener, the service token that opens it, and the clients that
 * call through it. Nothing here is for the public.
 */
@NullMarked
package dev.tandem.rest.internal;

import org.jspecify.annotations.NullMarked;
