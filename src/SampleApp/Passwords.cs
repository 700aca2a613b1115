using System.Globalization;
using System.Security.Cryptography;

namespace SampleApp;

/// <summary>Hashes passwords with PBKDF2; the hash carries its salt and its cost.</summary>
internal sealed class Passwords
{
    private const int Cost = 210_000;
    private const int Size = 32;

    public string Hash(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        return $"{Cost}.{Convert.ToBase64String(salt)}.{Convert.ToBase64String(Derive(password, salt, Cost))}";
    }

    public bool Fits(string password, string hash)
    {
        var parts = hash.Split('.');
        return parts.Length == 3
            && int.TryParse(parts[0], CultureInfo.InvariantCulture, out var cost)
            && CryptographicOperations.FixedTimeEquals(
                Derive(password, Convert.FromBase64String(parts[1]), cost),
                Convert.FromBase64String(parts[2])
            );
    }

    private static byte[] Derive(string password, byte[] salt, int cost) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, cost, HashAlgorithmName.SHA256, Size);
}
