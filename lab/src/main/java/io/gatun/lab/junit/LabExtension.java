package io.gatun.lab.junit;

import io.gatun.lab.Lab;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Keeps one lab per test or class in the extension's store, which closes it with the context it was opened for. */
final class LabExtension implements ParameterResolver, AfterTestExecutionCallback, AfterEachCallback, AfterAllCallback {
    private static final Namespace NAMESPACE = Namespace.create(LabExtension.class);
    private static final String REPORTED = "reported";

    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext rootContext) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Lab.class;
    }

    @Override
    public Lab resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getStore(NAMESPACE).computeIfAbsent(Lab.class, type -> Lab.open(name(context)), Lab.class);
    }

    /** Before {@code @AfterEach} methods change what there is to see. */
    @Override
    public void afterTestExecution(ExtensionContext context) {
        reportFailure(context);
    }

    /** For failures of {@code @BeforeEach}, after which no test is executed. */
    @Override
    public void afterEach(ExtensionContext context) {
        reportFailure(context);
    }

    /** For failures of {@code @BeforeAll}. */
    @Override
    public void afterAll(ExtensionContext context) {
        reportFailure(context);
    }

    private static void reportFailure(ExtensionContext context) {
        Store store = context.getStore(NAMESPACE);
        Lab lab = store.get(Lab.class, Lab.class);
        if (lab != null && context.getExecutionException().isPresent() && store.get(REPORTED) == null) {
            store.put(REPORTED, true);
            System.err.println(context.getDisplayName() + " failed: "
                    + context.getExecutionException().get());
            System.err.println(lab.report());
        }
    }

    private static String name(ExtensionContext context) {
        String className = context.getTestClass().map(Class::getSimpleName).orElse("lab");
        String text = context.getTestMethod()
                .map(method -> className + "." + method.getName())
                .orElse(className);
        return text.length() > 64 ? text.substring(0, 64) : text;
    }
}
