/**
 * An assembler for the BPF instruction set (RFC 9669) that knows nothing of files, maps or the kernel: typed registers
 * and labels in, bytes out, and a text to diff. Used on the control thread at start.
 *
 * <p>The surprising rule: maps are named here, not numbered. Code is position independent and comparable until {@link
 * io.gatun.forwarder.bpf.asm.Code#link} writes the descriptors of this process into it.
 *
 * <p>Encoding is little-endian, as all machines that Gatun runs on are.
 */
package io.gatun.forwarder.bpf.asm;
