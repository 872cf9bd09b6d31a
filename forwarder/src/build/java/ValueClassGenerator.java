import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import net.openhft.chronicle.hash.VanillaGlobalMutableState;
import net.openhft.chronicle.map.ChronicleMap;
import net.openhft.chronicle.values.ValueModel;

/**
 * Run by the build (java's source-file mode) to do once what Chronicle Map does with javac at every process start: it
 * looks for the class that implements its file header by name and compiles it when there is none. The text is that of
 * Chronicle's own generator; only the moment is ours.
 */
public final class ValueClassGenerator {
    private static final Class<?> TYPE = VanillaGlobalMutableState.class;
    private static final String SIMPLE_NAME = TYPE.getSimpleName() + "$$Native";

    private ValueClassGenerator() {}

    /** One argument: the directory of the module's classes. */
    public static void main(String[] args) throws Exception {
        final Path classes = Path.of(args[0]);
        final Path made = classes.resolve(TYPE.getPackageName().replace('.', '/')).resolve(SIMPLE_NAME + ".class");
        final Path chronicle = Path.of(ChronicleMap.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (Files.exists(made) && Files.getLastModifiedTime(made).compareTo(Files.getLastModifiedTime(chronicle)) > 0) {
            return;
        }
        compile(source(), classes);
    }

    private static String source() throws ReflectiveOperationException {
        final Method generator = Class.forName("net.openhft.chronicle.values.Generators")
                .getDeclaredMethod("generateNativeClass", ValueModel.class, String.class);
        generator.setAccessible(true);
        return (String) generator.invoke(null, ValueModel.acquire(TYPE), SIMPLE_NAME);
    }

    private static void compile(String source, Path classes) throws IOException {
        final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        final JavaFileObject file = new SimpleJavaFileObject(
                URI.create("string:///" + SIMPLE_NAME + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        final List<String> options = List.of(
                "-proc:none", "-nowarn", "-Xlint:none", "--release", "22",
                "-classpath", System.getProperty("java.class.path"),
                "-d", classes.toString());
        if (!compiler.getTask(null, null, null, options, null, List.of(file)).call()) {
            throw new IllegalStateException("Chronicle's generator wrote a class that does not compile: " + source);
        }
    }
}
