/**
 * The process: options, checks before the start, assembly, orderly stop. {@link io.gatun.api.daemon.Assembly} is the
 * only class that names the real data plane; all others see {@link io.gatun.api.daemon.DataPlane}. The REST port opens
 * last, after rules and roles are in force, so that a client that reaches us finds us complete.
 */
package io.gatun.api.daemon;
