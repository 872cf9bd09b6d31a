package io.gatun.api.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * The log goes to standard output. Logback finds this class as a service; configured here, it needs no XML parser at the
 * start.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_NORMAL_PRIORITY)
public final class Logs extends ContextAwareBase implements Configurator {
    private static final String APPENDER = "stdout";
    private static final String LINE = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level [%thread] %logger{24} %msg%n";
    /** Libraries speak up when something is wrong; what they do well is not news. */
    private static final List<String> LIBRARIES = List.of("io.javalin", "org.eclipse.jetty", "net.openhft");

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setName(APPENDER);
        appender.setEncoder(encoder(context, LogFormat.TEXT));
        appender.start();
        LIBRARIES.forEach(library -> context.getLogger(library).setLevel(Level.WARN));
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(appender);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Lines from now on have this form. */
    public static void format(LogFormat format) {
        if (root().getAppender(APPENDER) instanceof ConsoleAppender<ILoggingEvent> appender) {
            appender.setEncoder(encoder(root().getLoggerContext(), format));
        }
    }

    /**
     * From now on lines of this weight and above are written; those of libraries from WARN on. When that is a change, it
     * counts more than what was set for {@link #own}.
     */
    public static void level(LogLevel level) {
        Level wanted = Level.valueOf(level.name());
        if (!wanted.equals(root().getLevel())) {
            root().setLevel(wanted);
            own().setLevel(null);
        }
    }

    /** The logger of all of Gatun's own lines, which has a level of its own only when a client has set one. */
    public static Logger own() {
        return (Logger) LoggerFactory.getLogger("io.gatun");
    }

    /** A line for those whose logger is not at hand. */
    public static void tell(Class<?> logger, String line) {
        LoggerFactory.getLogger(logger).info(line);
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, LogFormat format) {
        if (format == LogFormat.JSON) {
            JsonLines json = new JsonLines();
            json.setContext(context);
            json.start();
            return json;
        }
        PatternLayoutEncoder text = new PatternLayoutEncoder();
        text.setContext(context);
        text.setPattern(LINE);
        text.start();
        return text;
    }
}
