/** How lines of the log look and which are written. SLF4J is what others see; Logback is named here only. */
package io.gatun.api.log;
