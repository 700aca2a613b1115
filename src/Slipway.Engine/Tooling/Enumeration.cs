using System.ComponentModel;
using System.Globalization;
using System.Reflection;

namespace Nuke.Common.Tooling;

/// <summary>Base of typed sets of names, whose members are public static fields.</summary>
public abstract class Enumeration
{
    /// <summary>The text this member stands for.</summary>
    protected string Value { get; set; } = "";

    /// <summary>Whether two members stand for the same text.</summary>
    /// <param name="a">One member.</param>
    /// <param name="b">The other member.</param>
    public static bool operator ==(Enumeration? a, Enumeration? b) => Equals(a, b);

    /// <summary>Whether two members stand for different texts.</summary>
    /// <param name="a">One member.</param>
    /// <param name="b">The other member.</param>
    public static bool operator !=(Enumeration? a, Enumeration? b) => !Equals(a, b);

    /// <inheritdoc />
    public override bool Equals(object? obj) =>
        obj is Enumeration other
        && other.GetType() == GetType()
        && string.Equals(Value, other.Value, StringComparison.Ordinal);

    /// <inheritdoc />
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Value);

    /// <inheritdoc />
    public override string ToString() => Value;

    internal static IEnumerable<FieldInfo> FieldsOf(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.FieldType == type);

    internal static object? FindByName(Type type, string name) =>
        FieldsOf(type)
            .FirstOrDefault(field => string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase))
            ?.GetValue(null);

    /// <summary>Converts between a member and its name.</summary>
    /// <typeparam name="T">The enumeration.</typeparam>
    public sealed class TypeConverter<T> : TypeConverter
        where T : Enumeration
    {
        /// <inheritdoc />
        public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
            sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

        /// <inheritdoc />
        public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
            value is string name
                ? FindByName(typeof(T), name)
                    ?? throw new FormatException(
                        $"'{name}' is not one of {string.Join(", ", FieldsOf(typeof(T)).Select(field => field.Name))}"
                    )
                : base.ConvertFrom(context, culture, value);
    }
}
