/**
 * The lab's only door to libc: moving the calling thread into a network namespace. {@code java.lang.foreign} appears
 * here and nowhere else in the module.
 *
 * <p>The surprising rule: a network namespace is a property of the thread, not of the process (setns(2)), and there is
 * no way back without a descriptor of the old one; so a thread that enters is not returned to a pool.
 */
package io.gatun.lab.sys;
