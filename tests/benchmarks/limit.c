/* The limit: the kernels' own algorithms as plain loops for gcc to vectorise, one thread. Built as it is (-O3) and with
   vector mathematics (-ffast-math, libmvec). Invalid input is not looked for. */

#include <math.h>

#define DENSITY 0.3989422804014327
#define LOG_SQRT_2PI 0.9189385332046727

static const double *upper, *lower; /* Mills ratio: 11 and 12 coefficients, of z + 1 */
static const double *table;         /* guess: levels and slopes by cells */
static const double *factor;        /* guess: 3 x 4 */
static int cells;
static double top;

void constants(const double *u, const double *l, const double *t, const double *f, int n, double high)
{
    upper = u, lower = l, table = t, factor = f, cells = n, top = high;
}

static inline double mills(double z, const double *u, const double *l)
{
    double t = z + 1.0, a = u[10], b = l[11];
    for (int i = 9; i >= 0; i--)
        a = a * t + u[i];
    for (int i = 10; i >= 0; i--)
        b = b * t + l[i];
    return a / b;
}

void price(int n, const double *w, const double *f, const double *k, const double *t, const double *v, const double *r,
           double *out)
{
    double u[11], l[12];
    for (int i = 0; i < 11; i++)
        u[i] = upper[i];
    for (int i = 0; i < 12; i++)
        l[i] = lower[i];
#pragma omp simd
    for (int i = 0; i < n; i++) {
        double s = v[i] * sqrt(t[i]), d1 = log(f[i] / k[i]) / s + 0.5 * s, d2 = d1 - s;
        double a = fmin(fabs(d1), 40.0), b = fmin(fabs(d2), 40.0);
        double mass = f[i] * DENSITY * exp(-0.5 * d1 * d1);
        double p = mass * mills(a, u, l), q = mass * mills(b, u, l); /* F n(d1) = K n(d2) */
        p = w[i] * d1 > 0.0 ? f[i] - p : p;
        q = w[i] * d2 > 0.0 ? k[i] - q : q;
        out[i] = exp(-r[i] * t[i]) * w[i] * (p - q);
    }
}

void greeks(int n, const double *w, const double *f, const double *k, const double *t, const double *v, const double *r,
            double *out, double *delta, double *gamma, double *vega, double *theta, double *rho)
{
    double u[11], l[12];
    for (int i = 0; i < 11; i++)
        u[i] = upper[i];
    for (int i = 0; i < 12; i++)
        l[i] = lower[i];
#pragma omp simd
    for (int i = 0; i < n; i++) {
        double root = sqrt(t[i]), s = v[i] * root, d1 = log(f[i] / k[i]) / s + 0.5 * s, d2 = d1 - s;
        double a = fmin(fabs(d1), 40.0), b = fmin(fabs(d2), 40.0);
        double mass = f[i] * DENSITY * exp(-0.5 * d1 * d1), df = exp(-r[i] * t[i]);
        double p = mass * mills(a, u, l), q = mass * mills(b, u, l);
        p = w[i] * d1 > 0.0 ? f[i] - p : p;
        q = w[i] * d2 > 0.0 ? k[i] - q : q;
        double value = df * w[i] * (p - q);
        mass *= df;
        out[i] = value;
        delta[i] = df * w[i] * p / f[i];
        gamma[i] = mass / (f[i] * f[i] * s);
        vega[i] = 0.01 * mass * root;
        theta[i] = (r[i] * value - 0.5 * mass * v[i] / root) / 365.0;
        rho[i] = -0.01 * t[i] * value;
    }
}

void implied_vol(int n, const double *w, const double *p, const double *f, const double *k, const double *t,
                 const double *r, double *out)
{
    double u[11], l[12], c[12];
    const double *level = table, *slope = table + cells;
    double scale = cells / top;
    for (int i = 0; i < 11; i++)
        u[i] = upper[i];
    for (int i = 0; i < 12; i++)
        l[i] = lower[i];
    for (int i = 0; i < 12; i++)
        c[i] = factor[i];
#pragma omp simd
    for (int i = 0; i < n; i++) {
        double gap = k[i] - f[i], middle = sqrt(f[i] * k[i]);
        double a = log(1.0 + fabs(gap) / fmin(f[i], k[i])), distance = fabs(gap) / middle;
        double value = (p[i] * exp(r[i] * t[i]) + fmin(w[i] * gap, 0.0)) / middle;
        /* The guess. */
        double x = (sqrt(1.0 + log(1.0 + distance / value)) - 1.0) * scale;
        int cell = (int)x;
        x -= cell;
        double y = level[cell] + x * slope[cell];
        double s = (value + distance) / y * ((a + 1e-300) / (distance + 1e-300)), q = s * s, b = a * a;
        double g1 = c[0] + b * (c[1] + b * (c[2] + b * c[3])), g2 = c[4] + b * (c[5] + b * (c[6] + b * c[7]));
        double g3 = c[8] + b * (c[9] + b * (c[10] + b * c[11]));
        s += s * q * (g1 + q * (g2 + q * g3));
        /* The step. */
        double z = a / s;
        double m = mills(z - 0.5 * s, u, l) - mills(z + 0.5 * s, u, l);
        double falling = 1.0 / m;
        double newton = (log(value) + 0.5 * (z * z + 0.25 * s * s) + LOG_SQRT_2PI - log(m)) * m;
        double h = z * z / s - 0.25 * s, third = h * h - 3.0 * (z / s) * (z / s) - 0.25;
        double second = h - falling;
        third += falling * (2.0 * falling - 3.0 * h);
        s += newton * (1.0 + 0.5 * newton * second) / (1.0 + newton * (second + newton * third / 6.0));
        out[i] = s / sqrt(t[i]);
    }
}
