import java.io.File;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Prints every ConfigEntry that the Spark jars on the class path declare, as JSON. An entry keeps its converter and nothing of its type, so
 * type and bounds are found by trying values.
 */
public final class SparkSettings {
    private static final Pattern ALLOWED = Pattern.compile("should be one of (.*?)(?:, but was|\\.? ?SQLSTATE|$)", Pattern.DOTALL);

    public static void main(String[] arguments) throws Exception {
        for (String path : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (new File(path).getName().startsWith("spark-")) initialize(path);
        }
        Map<String, Object> settings = new TreeMap<>();
        Class<?> owner = Class.forName("org.apache.spark.internal.config.ConfigEntry$");
        Field known = owner.getDeclaredField("knownConfigs");
        known.setAccessible(true);
        for (Object entry : ((Map<?, ?>) known.get(owner.getField("MODULE$").get(null))).values()) {
            Map<String, Object> facts = describe(entry);
            if (!((Boolean) call(entry, "isPublic"))) facts.put("internal", true);
            settings.put((String) call(entry, "key"), facts);
        }
        Map<String, Object> tables = new LinkedHashMap<>();
        tables.put("spark", settings);
        tables.put("deprecated", deprecations());
        Json.writeFile(arguments[0], tables);
    }

    /** Objects declare their entries when they are initialised. */
    private static void initialize(String path) throws Exception {
        try (JarFile jar = new JarFile(path)) {
            for (JarEntry file : Collections.list(jar.entries())) {
                String name = file.getName();
                if (!name.endsWith("$.class") || name.indexOf('$') != name.length() - 7) continue;
                String content = new String(jar.getInputStream(file).readAllBytes(), StandardCharsets.ISO_8859_1);
                if (!content.contains("org/apache/spark/internal/config/ConfigBuilder")) continue;
                try {
                    Class.forName(name.substring(0, name.length() - 6).replace('/', '.'));
                } catch (Throwable broken) {
                    System.err.println(name + ": " + broken);
                }
            }
        }
    }

    private static Map<String, Object> describe(Object entry) throws Exception {
        Map<String, Object> facts = new LinkedHashMap<>();
        Object text = call(entry, "defaultValueString");
        Object converter = call(entry, "valueConverter");
        String type = typeOf(converter);
        facts.put("type", type);
        if (List.of("number", "int", "long").contains(type)) putBounds(converter, facts);
        if (type.equals("string") || type.equals("enum")) putValues(converter, facts);
        facts.put("default", text);
        facts.put("since", call(entry, "version"));
        List<String> alternatives = new ArrayList<>();
        Object list = call(entry, "alternatives");
        int size = (Integer) call(list, "size");
        for (int index = 0; index < size; index++) {
            alternatives.add((String) list.getClass().getMethod("apply", int.class).invoke(list, index));
        }
        if (size > 0) facts.put("alternatives", alternatives);
        return facts;
    }

    /** What the converter takes tells what it is for. */
    private static String typeOf(Object converter) {
        boolean takesWords = takesAny(converter, "zz zz", "abc", "UTC", "/tmp/abc/", "a.b.C");
        if (takesWords) return takes(converter, "1s") && convert(converter, "a,b") instanceof Collection ? "list" : "string";
        if (takesAny(converter, "true", "false") && !takesAny(converter, "1", "7", "-1")) return "boolean";
        if (takesAny(converter, "3s", "200s", "1000000s") && !takesAny(converter, "3k", "200k")) return "duration";
        if (takesAny(converter, "3k", "200k", "64m", "10g")) return "size";
        if (takesAny(converter, "0.5", "1.5", "0.01", "100.5")) return "number";
        if (takesAny(converter, "1", "0", "-1", "7", "1000")) return takes(converter, "3000000000") ? "long" : "int";
        return "enum";
    }

    private static void putBounds(Object converter, Map<String, Object> facts) {
        if (!takes(converter, "-1")) {
            boolean isDecimal = facts.get("type").equals("number");
            if (takes(converter, "0") && !takes(converter, "-1000000")) facts.put("min", 0);
            else if (!isDecimal && takes(converter, "1") && !takes(converter, "0")) facts.put("min", 1);
            else if (isDecimal && takes(converter, "0.000001")) facts.put("above", 0);
        }
        if (facts.get("type").equals("number") && takes(converter, "1") && !takes(converter, "1.000001")) facts.put("max", 1);
    }

    /** An entry for a few words lists them when it refuses another. */
    private static void putValues(Object converter, Map<String, Object> facts) {
        String refusal = refusal(converter, "zz zz");
        if (refusal == null) return;
        Matcher matcher = ALLOWED.matcher(refusal);
        if (!matcher.find()) return;
        List<String> values = new ArrayList<>();
        for (String word : matcher.group(1).split(",")) {
            String value = word.replaceAll("^[\\s'\"`]+|[\\s'\"`.]+$", "").replaceAll("^(?:Set|HashSet|List)\\(|\\)$", "");
            if (!value.isEmpty()) values.add(value);
        }
        facts.put("type", "enum");
        facts.put("values", values);
        if (!values.isEmpty() && takes(converter, values.get(0).toLowerCase()) && takes(converter, values.get(0).toUpperCase())) {
            facts.put("anyCase", true);
        }
    }

    private static boolean takesAny(Object converter, String... texts) {
        for (String text : texts) if (takes(converter, text)) return true;
        return false;
    }

    private static boolean takes(Object converter, String text) {
        return refusal(converter, text) == null;
    }

    private static Object convert(Object converter, String text) {
        try {
            return ((scala.Function1<Object, Object>) converter).apply(text);
        } catch (Exception | LinkageError refused) {
            return null;
        }
    }

    /** What the converter says against a text; null when it takes it. A class that is missing here proves nothing. */
    private static String refusal(Object converter, String text) {
        try {
            ((scala.Function1<Object, Object>) converter).apply(text);
            return null;
        } catch (Exception refused) {
            return String.valueOf(refused.getMessage());
        } catch (LinkageError incomplete) {
            System.err.println("Error: " + incomplete + " " + incomplete.getCause());
            return null;
        }
    }

    /** Names that Spark warns of or refuses: since when, and what its message says to use instead. */
    private static Map<String, Object> deprecations() throws Exception {
        Map<String, Object> found = new TreeMap<>();
        collect("org.apache.spark.SparkConf$", "deprecatedConfigs", "deprecated", found);
        collect("org.apache.spark.sql.internal.SQLConf$", "deprecatedSQLConfigs", "deprecated", found);
        collect("org.apache.spark.sql.internal.SQLConf$", "removedSQLConfigs", "removed", found);
        collectAlternatives(found);
        return found;
    }

    private static void collect(String ownerName, String member, String what, Map<String, Object> found) throws Exception {
        Class<?> owner = Class.forName(ownerName);
        Object map = read(owner, member);
        Object iterator = call(call(map, "values"), "iterator");
        while ((Boolean) call(iterator, "hasNext")) {
            Object row = call(iterator, "next");
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put(what, call(row, "version"));
            String comment = comment(row);
            Matcher named = Pattern.compile("[Uu]se '?(spark\\.[\\w.]+\\w)").matcher(comment);
            if (named.find()) facts.put("replacedBy", named.group(1));
            found.put((String) call(row, "key"), facts);
        }
    }

    private static void collectAlternatives(Map<String, Object> found) throws Exception {
        Object map = read(Class.forName("org.apache.spark.SparkConf$"), "configsWithAlternatives");
        Object iterator = call(map, "iterator");
        while ((Boolean) call(iterator, "hasNext")) {
            Object pair = call(iterator, "next");
            Object list = call(pair, "_2");
            int size = (Integer) call(list, "size");
            for (int index = 0; index < size; index++) {
                Object row = list.getClass().getMethod("apply", int.class).invoke(list, index);
                Map<String, Object> facts = new LinkedHashMap<>();
                facts.put("deprecated", call(row, "version"));
                facts.put("replacedBy", call(pair, "_1"));
                facts.put("isTranslated", call(row, "translation") != null);
                found.putIfAbsent((String) call(row, "key"), facts);
            }
        }
    }

    private static String comment(Object row) throws Exception {
        for (String name : List.of("deprecationMessage", "comment")) {
            try {
                return String.valueOf(call(row, name));
            } catch (NoSuchMethodException otherKind) {
                continue;
            }
        }
        return "";
    }

    private static Object read(Class<?> owner, String member) throws Exception {
        Object module = owner.getField("MODULE$").get(null);
        for (Field field : owner.getDeclaredFields()) {
            if (!field.getName().equals(member) && !field.getName().endsWith("$" + member)) continue;
            field.setAccessible(true);
            return field.get(module);
        }
        return call(module, member);
    }

    private static Object call(Object owner, String name) throws Exception {
        for (Class<?> type = owner.getClass(); type != null; type = type.getSuperclass()) {
            for (Method method : type.getDeclaredMethods()) {
                if (!method.getName().equals(name) || method.getParameterCount() > 0) continue;
                method.setAccessible(true);
                return method.invoke(owner);
            }
        }
        return owner.getClass().getMethod(name).invoke(owner);
    }
}
