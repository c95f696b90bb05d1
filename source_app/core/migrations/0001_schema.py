import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Tenant',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200, unique=True)),
                ('slug', models.SlugField(max_length=80, unique=True)),
                ('domain', models.CharField(blank=True, max_length=255, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('is_active', models.BooleanField(default=True)),
                ('settings', models.JSONField(blank=True, default=dict)),
            ],
            options={
                'ordering': ['name'],
                'indexes': [models.Index(fields=['created_at'], name='tenant_created_at')],
            },
        ),
        migrations.CreateModel(
            name='Customer',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='core.tenant')),
                ('email', models.EmailField(max_length=254)),
                ('first_name', models.CharField(max_length=150)),
                ('last_name', models.CharField(max_length=150)),
                ('phone', models.CharField(blank=True, max_length=40, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('is_active', models.BooleanField(default=True)),
                ('metadata', models.JSONField(blank=True, default=dict)),
            ],
            options={
                'indexes': [models.Index(fields=['email'], name='customer_email'), models.Index(fields=['tenant', 'created_at'], name='customer_tenant_created_at')],
                'constraints': [models.UniqueConstraint(fields=('id', 'tenant'), name='core_customer_id_tenant_id_key')],
            },
        ),
        migrations.CreateModel(
            name='Product',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='core.tenant')),
                ('sku', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=255)),
                ('description', models.TextField(blank=True)),
                ('category', models.CharField(max_length=100)),
                ('price', models.DecimalField(decimal_places=2, max_digits=12)),
                ('cost', models.DecimalField(decimal_places=2, max_digits=12)),
                ('stock_quantity', models.IntegerField(default=0)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'indexes': [models.Index(fields=['sku'], name='product_sku'), models.Index(fields=['category'], name='product_category'), models.Index(fields=['tenant', 'created_at'], name='product_tenant_created_at')],
                'constraints': [models.UniqueConstraint(fields=('id', 'tenant'), name='core_product_id_tenant_id_key'), models.CheckConstraint(condition=models.Q(('price__gte', 0)), name='core_product_price_is_not_negative'), models.CheckConstraint(condition=models.Q(('cost__gte', 0)), name='core_product_cost_is_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='core.tenant')),
                ('customer', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to='core.customer')),
                ('order_number', models.CharField(max_length=64, unique=True)),
                ('status', models.CharField(choices=[('pending', 'Pending'), ('processing', 'Processing'), ('completed', 'Completed'), ('cancelled', 'Cancelled')], default='pending', max_length=20)),
                ('subtotal', models.DecimalField(decimal_places=2, max_digits=12)),
                ('tax', models.DecimalField(decimal_places=2, default=0, max_digits=12)),
                ('shipping', models.DecimalField(decimal_places=2, default=0, max_digits=12)),
                ('total', models.DecimalField(decimal_places=2, max_digits=12)),
                ('order_date', models.DateTimeField(default=django.utils.timezone.now)),
                ('completed_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('metadata', models.JSONField(blank=True, default=dict)),
            ],
            options={
                'indexes': [models.Index(fields=['status'], name='order_status'), models.Index(fields=['order_date'], name='order_order_date'), models.Index(fields=['completed_at'], name='order_completed_at'), models.Index(fields=['tenant', 'created_at'], name='order_tenant_created_at'), models.Index(fields=['tenant', 'status'], name='order_tenant_status')],
                'constraints': [models.UniqueConstraint(fields=('id', 'tenant'), name='core_order_id_tenant_id_key'), models.CheckConstraint(condition=models.Q(('status__in', ['pending', 'processing', 'completed', 'cancelled'])), name='core_order_status_is_known'), models.CheckConstraint(condition=models.Q(('subtotal__gte', 0)), name='core_order_subtotal_is_not_negative'), models.CheckConstraint(condition=models.Q(('tax__gte', 0)), name='core_order_tax_is_not_negative'), models.CheckConstraint(condition=models.Q(('shipping__gte', 0)), name='core_order_shipping_is_not_negative'), models.CheckConstraint(condition=models.Q(('total__gte', 0)), name='core_order_total_is_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='OrderItem',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='core.tenant')),
                ('order', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='items', to='core.order')),
                ('product', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to='core.product')),
                ('quantity', models.IntegerField()),
                ('unit_price', models.DecimalField(decimal_places=2, max_digits=12)),
                ('discount', models.DecimalField(decimal_places=2, default=0, max_digits=12)),
                ('total', models.DecimalField(decimal_places=2, max_digits=12)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'indexes': [models.Index(fields=['tenant', 'created_at'], name='orderitem_tenant_created_at')],
                'constraints': [models.CheckConstraint(condition=models.Q(('quantity__gte', 0)), name='core_orderitem_quantity_is_not_negative'), models.CheckConstraint(condition=models.Q(('unit_price__gte', 0)), name='core_orderitem_unit_price_is_not_negative'), models.CheckConstraint(condition=models.Q(('discount__gte', 0)), name='core_orderitem_discount_is_not_negative'), models.CheckConstraint(condition=models.Q(('total__gte', 0)), name='core_orderitem_total_is_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='core.tenant')),
                ('customer', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to='core.customer')),
                ('event_type', models.CharField(choices=[('page_view', 'Page View'), ('product_view', 'Product View'), ('search', 'Search'), ('click', 'Click'), ('add_to_cart', 'Add To Cart'), ('checkout', 'Checkout'), ('purchase', 'Purchase')], max_length=30)),
                ('event_data', models.JSONField(blank=True, default=dict)),
                ('session_id', models.CharField(max_length=64)),
                ('ip_address', models.GenericIPAddressField(blank=True, null=True)),
                ('user_agent', models.TextField(blank=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'indexes': [models.Index(fields=['event_type'], name='event_event_type'), models.Index(fields=['session_id'], name='event_session_id'), models.Index(fields=['created_at'], name='event_created_at'), models.Index(fields=['tenant', 'created_at'], name='event_tenant_created_at')],
                'constraints': [models.CheckConstraint(condition=models.Q(('event_type__in', ['page_view', 'product_view', 'search', 'click', 'add_to_cart', 'checkout', 'purchase'])), name='core_event_event_type_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='core.tenant')),
                ('customer', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to='core.customer')),
                ('plan_name', models.CharField(max_length=50)),
                ('status', models.CharField(choices=[('active', 'Active'), ('cancelled', 'Cancelled'), ('expired', 'Expired'), ('trial', 'Trial')], default='trial', max_length=20)),
                ('start_date', models.DateField()),
                ('end_date', models.DateField(blank=True, null=True)),
                ('monthly_amount', models.DecimalField(decimal_places=2, max_digits=12)),
                ('billing_cycle', models.CharField(choices=[('monthly', 'Monthly'), ('yearly', 'Yearly')], default='monthly', max_length=20)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'indexes': [models.Index(fields=['status'], name='subscription_status'), models.Index(fields=['start_date'], name='subscription_start_date'), models.Index(fields=['end_date'], name='subscription_end_date'), models.Index(fields=['tenant', 'created_at'], name='subscription_tenant_created_at'), models.Index(fields=['tenant', 'status'], name='subscription_tenant_status')],
                'constraints': [models.UniqueConstraint(fields=('id', 'tenant'), name='core_subscription_id_tenant_id_key'), models.CheckConstraint(condition=models.Q(('status__in', ['active', 'cancelled', 'expired', 'trial'])), name='core_subscription_status_is_known'), models.CheckConstraint(condition=models.Q(('billing_cycle__in', ['monthly', 'yearly'])), name='core_subscription_billing_cycle_is_known'), models.CheckConstraint(condition=models.Q(('monthly_amount__gte', 0)), name='core_subscription_monthly_amount_is_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='Invoice',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='core.tenant')),
                ('customer', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to='core.customer')),
                ('subscription', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='core.subscription')),
                ('invoice_number', models.CharField(max_length=64, unique=True)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12)),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('sent', 'Sent'), ('paid', 'Paid'), ('overdue', 'Overdue'), ('cancelled', 'Cancelled')], default='draft', max_length=20)),
                ('issue_date', models.DateField()),
                ('due_date', models.DateField()),
                ('paid_date', models.DateField(blank=True, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'indexes': [models.Index(fields=['status'], name='invoice_status'), models.Index(fields=['issue_date'], name='invoice_issue_date'), models.Index(fields=['due_date'], name='invoice_due_date'), models.Index(fields=['paid_date'], name='invoice_paid_date'), models.Index(fields=['tenant', 'created_at'], name='invoice_tenant_created_at'), models.Index(fields=['tenant', 'status'], name='invoice_tenant_status')],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'sent', 'paid', 'overdue', 'cancelled'])), name='core_invoice_status_is_known'), models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='core_invoice_amount_is_not_negative')],
            },
        ),
    ]
