import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Prints every setting of cassandra.yaml that Config on the class path has a field for, as JSON, with the older names it still takes. */
public final class CassandraSettings {
    private static final Map<String, String> UNITS_OF_SPECS = Map.of(
        "DurationSpec", "duration", "DataStorageSpec", "size", "DataRateSpec", "rate");

    public static void main(String[] arguments) throws Exception {
        Class<?> config = Class.forName("org.apache.cassandra.config.Config");
        Object defaults = config.getConstructor().newInstance();
        Map<String, Object> settings = new TreeMap<>();
        for (Field field : config.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) || Modifier.isTransient(field.getModifiers())) continue;
            settings.put(field.getName(), describe(field, defaults));
            for (Annotation old : replacements(field)) describeOld(field, old, settings);
        }
        Json.writeFile(arguments[0], Map.of("node", settings));
    }

    private static Map<String, Object> describe(Field field, Object defaults) throws Exception {
        Map<String, Object> facts = typeOf(field.getType());
        Object value = field.get(defaults);
        if (value != null && !facts.get("type").equals("object")) facts.put("default", textOf(value));
        if (field.isAnnotationPresent(Deprecated.class)) facts.put("deprecated", true);
        return facts;
    }

    /** An older name: its own type, the name that took its place, and how its values are turned into those of the new one. */
    private static void describeOld(Field field, Annotation replaces, Map<String, Object> settings) throws Exception {
        String oldName = (String) read(replaces, "oldName");
        Map<String, Object> facts = typeOf(field.getType());
        try {
            Object converter = read(replaces, "converter");
            Class<?> oldType = (Class<?>) converter.getClass().getMethod("getOldType").invoke(converter);
            if (oldName.equals(field.getName()) && oldType != null) takeAsWell(settings.get(oldName), plainType(oldType));
            if (oldType != null) facts = typeOf(oldType);
            facts.put("converter", converter.toString());
        } catch (NoSuchMethodException withoutConverters) {
            facts.put("converter", "IDENTITY");
        }
        facts.put("replacedBy", field.getName());
        settings.putIfAbsent(oldName, facts);
    }

    /** The name stayed, and values of the type it had are still read. */
    @SuppressWarnings("unchecked")
    private static void takeAsWell(Object facts, String type) {
        ((Map<String, Object>) facts).put("also", type);
    }

    private static List<Annotation> replacements(Field field) throws Exception {
        List<Annotation> found = new ArrayList<>();
        for (Annotation annotation : field.getAnnotations()) {
            String name = annotation.annotationType().getSimpleName();
            if (name.equals("Replaces")) found.add(annotation);
            if (name.equals("ReplacesList")) found.addAll(Arrays.asList((Annotation[]) read(annotation, "value")));
        }
        return found;
    }

    private static Object read(Annotation annotation, String name) throws Exception {
        return annotation.annotationType().getMethod(name).invoke(annotation);
    }

    private static Map<String, Object> typeOf(Class<?> type) {
        Map<String, Object> facts = new LinkedHashMap<>();
        if (type.isEnum()) {
            facts.put("type", "enum");
            facts.put("values", Arrays.stream(type.getEnumConstants()).map(value -> ((Enum<?>) value).name()).toList());
            return facts;
        }
        for (Map.Entry<String, String> spec : UNITS_OF_SPECS.entrySet()) {
            if (!type.getName().contains(spec.getKey())) continue;
            facts.put("type", spec.getValue());
            facts.put("smallestUnit", type.getSimpleName());
            return facts;
        }
        facts.put("type", plainType(type));
        return facts;
    }

    private static String plainType(Class<?> type) {
        if (type == int.class || type == Integer.class) return "int";
        if (type == long.class || type == Long.class) return "long";
        if (type == double.class || type == Double.class || type == float.class || type == Float.class) return "number";
        if (type == boolean.class || type == Boolean.class) return "boolean";
        if (type == String.class) return "string";
        return Collection.class.isAssignableFrom(type) || type.isArray() ? "list" : "object";
    }

    private static Object textOf(Object value) {
        if (value instanceof Object[] items) return Arrays.toString(items);
        return value.toString();
    }
}
