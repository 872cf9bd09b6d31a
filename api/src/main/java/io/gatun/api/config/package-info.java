/**
 * Where settings of {@code gatun run} come from besides its flags: a YAML file and the environment. A setting has the
 * name of its flag; what a value means is for the command line to say, in one place for all three.
 */
package io.gatun.api.config;
