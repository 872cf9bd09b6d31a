/**
 * Labs as parameters of JUnit Jupiter tests.
 *
 * <p>The surprising rule: without root a test is skipped, but under {@code CI=true} a skip is a failure, so that a build
 * machine cannot lose its namespace tests unnoticed.
 */
package io.gatun.lab.junit;
