package io.gatun.lab.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test class or method that needs root and network namespaces. A parameter of type {@link io.gatun.lab.Lab} gets an
 * open lab: of a test or {@code @BeforeEach} method, or of the constructor, one for each test; of {@code @BeforeAll}, one
 * that all tests of the class share. It is closed after the test or the class; a failure prints its report first.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@Tag("netns")
@ExtendWith({NeedsRoot.class, LabExtension.class})
public @interface LabTest {}
