package io.nadb.jmx;

import javax.management.MBeanAttributeInfo;
import javax.management.MBeanFeatureInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.NotificationEmitter;
import javax.management.StandardEmitterMBean;

/** An MBean whose attributes and operations say what they are. */
final class DescribedBean extends StandardEmitterMBean {
  private final String text;

  /** Describes a bean that is an MXBean by this interface, and sends notifications. */
  <T extends NotificationEmitter> DescribedBean(T bean, Class<? super T> type, String text) {
    super(bean, type, true, bean);
    this.text = text;
  }

  @Override
  protected String getDescription(MBeanInfo info) {
    return text;
  }

  @Override
  protected String getDescription(MBeanFeatureInfo info) {
    return Descriptions.of(info.getName());
  }

  @Override
  protected String getDescription(MBeanAttributeInfo info) {
    return Descriptions.of(info.getName());
  }

  @Override
  protected String getDescription(MBeanOperationInfo info) {
    return Descriptions.of(info.getName());
  }
}
