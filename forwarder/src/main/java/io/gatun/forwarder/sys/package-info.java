/**
 * The only door to libc. {@link io.gatun.forwarder.sys.Libc} holds C names; its one implementation is package-private;
 * policy lives in the packages above. {@code java.lang.foreign} appears here and nowhere else.
 *
 * <p>The surprising rule: a failing call returns the negated errno, as the kernel itself does, and throws nothing, so
 * that the packet path can look at the result. Control code turns it into a {@link io.gatun.forwarder.sys.SysException}
 * with {@link io.gatun.forwarder.sys.SysException#check}.
 */
package io.gatun.forwarder.sys;
